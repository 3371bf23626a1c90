curl -s "https://bridge.example.org/api/v1/conferencing/services" \
  -H "Authorization: Bearer $TOKEN"
