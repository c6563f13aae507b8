using System.Globalization;

namespace Shabou.Bench.Gateway;

/// <summary>The proxies of the distribution with the smallest configuration that does the same: TLS in front, the upstream by kept connections behind.</summary>
internal static class DistributionPeers
{
    /// <summary>What must be installed for them, beside h2load itself.</summary>
    public const string Packages = "nghttp2-client nginx-light haproxy caddy";

    public static string[] Nginx(TestAuthority tls, int port, int upstream)
    {
        var file = Path.Combine(tls.Folder, "nginx.conf");
        File.WriteAllText(file, Invariant($$"""
            daemon off; worker_processes 2; pid {{tls.Folder}}/nginx.pid; error_log stderr error;
            events { worker_connections 4096; }
            http {
              access_log off; client_body_temp_path {{tls.Folder}}/body; proxy_temp_path {{tls.Folder}}/proxy;
              fastcgi_temp_path {{tls.Folder}}/f; uwsgi_temp_path {{tls.Folder}}/u; scgi_temp_path {{tls.Folder}}/s;
              upstream one { server 127.0.0.1:{{upstream}}; keepalive 64; keepalive_requests 1000000; }
              server {
                listen 127.0.0.1:{{port}} ssl http2; keepalive_requests 10000000;
                ssl_certificate {{tls.Certificate}}; ssl_certificate_key {{tls.Key}}; ssl_protocols TLSv1.2 TLSv1.3;
                location / { proxy_pass http://one; proxy_http_version 1.1; proxy_set_header Connection ""; }
              }
            }
            """));
        return ["nginx", "-c", file, "-e", "stderr"];
    }

    public static string[] Caddy(TestAuthority tls, int port, int upstream)
    {
        var file = Path.Combine(tls.Folder, "Caddyfile");
        File.WriteAllText(file, Invariant($$"""
            {
              admin off
              auto_https off
            }
            https://localhost:{{port}} {
              bind 127.0.0.1
              tls {{tls.Certificate}} {{tls.Key}}
              reverse_proxy 127.0.0.1:{{upstream}}
            }
            """));
        return ["caddy", "run", "--config", file, "--adapter", "caddyfile"];
    }

    /// <param name="publicKey">PEM of the key that signs tokens: every request needs one of them, and is counted for its subject. Null: neither.</param>
    public static string[] Haproxy(TestAuthority tls, int port, int upstream, string? publicKey)
    {
        var file = Path.Combine(tls.Folder, publicKey is null ? "haproxy.cfg" : "haproxy-jwt.cfg");
        File.WriteAllText(file, Invariant($"""
            global
              nbthread 2
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
            frontend front
              bind 127.0.0.1:{port} ssl crt {tls.Both} alpn h2,http/1.1 ssl-min-ver TLSv1.2
            {(publicKey is null ? "" : $$"""
              stick-table type string len 64 size 100k expire 60s store http_req_rate(60s)
              http-request set-var(txn.bearer) http_auth_bearer
              http-request deny deny_status 401 unless { var(txn.bearer),jwt_header_query('$.alg') -m str ES256 }
              http-request deny deny_status 401 unless { var(txn.bearer),jwt_verify("ES256","{{publicKey}}") -m int 1 }
              http-request set-var(txn.sub) var(txn.bearer),jwt_payload_query('$.sub')
              http-request track-sc0 var(txn.sub)
              http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100000000 }
            """)}
              default_backend one
            backend one
              http-reuse always
              server one 127.0.0.1:{upstream}

            """));
        return ["haproxy", "-db", "-f", file];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
