EVENT=$(curl -s "https://bridge.example.org/api/v1/events" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Idempotency-Key: $(openssl rand -hex 16)" \
  --json '{
    "title": "Interview with Ivan",
    "start": "2027-03-01T09:00:00+01:00",
    "end": "2027-03-01T09:30:00+01:00",
    "conferencing": {"service": "zoom"}
  }')
echo "$EVENT"

EVENT_ID=$(echo "$EVENT" | sed 's/^{"id": *"\([^"]*\)".*/\1/')
