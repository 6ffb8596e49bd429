//! What stands in front: TLS, nginx, Caddy, Cloudflare.

use super::super::section::{Block, Section};

pub(super) const SECTIONS: &[Section] = &[
    Section {
        id: "public-url",
        title: "HTTPS and the public URL",
        blocks: &[
            Block::Text(
                "The program speaks plain HTTP. TLS ends in a reverse proxy in front, and `TENGINE_PUBLIC_URL` is the address that people and clients type: an origin, without a path. Every link, redirect URI and Server URL is made from it, never from a Host header.",
            ),
            Block::List(&[
                "Claude and ChatGPT reach only https on port 443, with a certificate that everybody trusts.",
                "With an https public URL cookies are sent over https only, and browsers are told to stay with https for a year.",
                "Choose it once. Under another one connectors have to be added anew, and passkeys do not work, which belong to its host.",
            ]),
        ],
    },
    Section {
        id: "proxy",
        title: "Behind a reverse proxy",
        blocks: &[
            Block::List(&[
                "Send the whole host on, every path as it is, with its slash or without, and redirect none of them. It cannot live below a path of another site.",
                "Do not buffer answers: MCP and the dashboard stream (`text/event-stream`), with a sign of life every 15 seconds on MCP's streams.",
                "Wait for an answer for more than 300 seconds, which a call may take.",
                "Let bodies of 24 MiB through, which an OpenAPI document may have.",
                "Set `X-Forwarded-For`, and name the proxy in `TENGINE_TRUSTED_PROXIES`: else all limits per address count the proxy as one stranger. Name nothing that others can speak through.",
                "Leave headers as they are, `Authorization`, `Origin` and those that begin with `Mcp-` most of all, and cache nothing: pages say `private, no-store`.",
            ]),
            Block::Code(
                "TENGINE_LISTEN=127.0.0.1:3000
TENGINE_PUBLIC_URL={public_url}
TENGINE_TRUSTED_PROXIES=127.0.0.1",
            ),
            Block::Part("nginx"),
            Block::Code(
                "server {
    listen 443 ssl;
    server_name {host};
    ssl_certificate     /etc/letsencrypt/live/{host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;

    client_max_body_size 25m;

    location / {
        proxy_pass http://127.0.0.1:3000;
        proxy_http_version 1.1;
        proxy_set_header Connection \"\";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_buffering off;
        proxy_read_timeout 360s;
        proxy_send_timeout 360s;
    }
}

server {
    listen 80;
    server_name {host};
    return 308 https://$host$request_uri;
}",
            ),
            Block::Text(
                "`proxy_pass` has no path and no slash at its end: with one, nginx would write the paths anew.",
            ),
            Block::Part("Caddy"),
            Block::Code(
                "{host} {
    reverse_proxy 127.0.0.1:3000
}",
            ),
            Block::Text(
                "Caddy gets the certificate, sets `X-Forwarded-For` and does not buffer event streams by itself.",
            ),
            Block::Part("Cloudflare"),
            Block::Text("By a tunnel, `cloudflared` on the same machine, in its `config.yml`:"),
            Block::Code(
                "tunnel: TUNNEL_ID
credentials-file: /etc/cloudflared/TUNNEL_ID.json
ingress:
  - hostname: {host}
    service: http://127.0.0.1:3000
  - service: http_status:404",
            ),
            Block::List(&[
                "With the tunnel `TENGINE_TRUSTED_PROXIES` is `127.0.0.1`. Where Cloudflare speaks to a proxy of yours, it is that proxy and Cloudflare's networks.",
                "Bot Fight Mode, Browser Integrity Check and challenges stop Claude, which comes from a cloud: switch them off for this host, or make a WAF rule that skips them for `160.79.104.0/21`.",
                "Rocket Loader and Email Obfuscation change pages, which the pages' own policy then refuses to run: switch them off.",
                "Cloudflare gives up where no byte of an answer came for about 100 seconds (error 524): keep `timeout_ms` of your tools below that.",
            ]),
        ],
    },
];
