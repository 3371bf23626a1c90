export CLIENT_ID="…"
export CLIENT_SECRET="…"
export REDIRECT_URI="http://127.0.0.1:5000/callback"
