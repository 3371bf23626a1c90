export WEBHOOK_URL="https://…/webhooks"
