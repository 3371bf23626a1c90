"""Hosts of the Microsoft cloud: no password may go there, neither directly nor by redirect nor under an alias."""

HOSTS = (
    "outlook.com",
    "office.com",
    "office365.com",
    "office.net",
    "outlook.office365.com",
    "microsoft.com",
    "microsoftonline.com",
    "live.com",
    "hotmail.com",
    "office365.us",
    "microsoftonline.us",
    "outlook.cn",
    "office365.cn",
    "partner.outlook.cn",
    "chinacloudapi.cn",
    "outlook.de",
)
"""With everything below them."""
