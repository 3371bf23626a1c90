curl -s "https://bridge.example.org/api/v1/me" \
  -H "Authorization: Bearer $API_KEY"
