TOKENS=$(curl -s "https://bridge.example.org/oauth/token" -u "$CLIENT_ID:$CLIENT_SECRET" \
  -d grant_type=refresh_token -d "refresh_token=$REFRESH_TOKEN")
echo "$TOKENS"

TOKEN=$(echo "$TOKENS" | sed 's/.*"access_token": *"\([^"]*\)".*/\1/')
REFRESH_TOKEN=$(echo "$TOKENS" | sed 's/.*"refresh_token": *"\([^"]*\)".*/\1/')
