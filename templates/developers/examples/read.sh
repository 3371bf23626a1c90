curl -s "https://bridge.example.org/api/v1/events/$EVENT_ID" \
  -H "Authorization: Bearer $TOKEN"
