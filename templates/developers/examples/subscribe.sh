OWN_TOKEN=$(curl -s "https://bridge.example.org/oauth/token" -u "$CLIENT_ID:$CLIENT_SECRET" \
  -d grant_type=client_credentials -d scope=webhooks \
  | sed 's/.*"access_token": *"\([^"]*\)".*/\1/')

curl -s "https://bridge.example.org/api/v1/webhooks" \
  -H "Authorization: Bearer $OWN_TOKEN" \
  -H "Idempotency-Key: $(openssl rand -hex 16)" \
  --json "{\"url\": \"$WEBHOOK_URL\", \"types\": [\"meeting.ready\", \"meeting.failed\"]}"
