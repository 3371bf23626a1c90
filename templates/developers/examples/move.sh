curl -s -X PATCH "https://bridge.example.org/api/v1/events/$EVENT_ID" \
  -H "Authorization: Bearer $TOKEN" \
  --json '{"start": "2027-03-01T10:00:00+01:00", "end": "2027-03-01T10:30:00+01:00"}'
