CODE_VERIFIER=$(openssl rand -hex 32)
CODE_CHALLENGE=$(printf %s "$CODE_VERIFIER" | openssl dgst -sha256 -binary \
  | openssl base64 | tr '+/' '-_' | tr -d '=')
STATE=$(openssl rand -hex 16)

echo "https://bridge.example.org/oauth/authorize?response_type=code&client_id=$CLIENT_ID\
&redirect_uri=$REDIRECT_URI&state=$STATE\
&scope=conferencing:read+events:read+events:write\
&code_challenge=$CODE_CHALLENGE&code_challenge_method=S256"
