TOKENS=$(curl -s "https://bridge.example.org/oauth/token" -u "$CLIENT_ID:$CLIENT_SECRET" \
  -d grant_type=authorization_code -d "code=$CODE" \
  -d "redirect_uri=$REDIRECT_URI" -d "code_verifier=$CODE_VERIFIER")
echo "$TOKENS"

TOKEN=$(echo "$TOKENS" | sed 's/.*"access_token": *"\([^"]*\)".*/\1/')
REFRESH_TOKEN=$(echo "$TOKENS" | sed 's/.*"refresh_token": *"\([^"]*\)".*/\1/')
