STATE=$(openssl rand -hex 16)

echo "https://bridge.example.org/connect/conferencing?client_id=$CLIENT_ID\
&redirect_uri=$REDIRECT_URI&state=$STATE&provider=zoom"
