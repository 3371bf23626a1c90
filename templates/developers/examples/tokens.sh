export TOKEN="…"
export REFRESH_TOKEN="…"
