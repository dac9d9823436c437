export const HELP = `soa-monitor-proxy: watches a SOAP service that cannot be changed, from before it.

  soa-monitor-proxy --listen 8080 --target http://legacy:9000 --monitor http://monitor:4600 --name legacy

Bytes pass unchanged and unbuffered, each caller's connection over one of its own to the target.

  --listen [host:]port       where callers come in (0: a free port)
  --target http[s]://h:p     the service
  --monitor url              the monitor (SOA_MONITOR_URL)
  --key key                  its ingest key; it also proves pings (better given as SOA_MONITOR_KEY)
  --name name                of the service on the map (SOA_MONITOR_NAME; else the target's host)
  --machine name             it is shown on (SOA_MONITOR_MACHINE; else this host's name)
  --advertise host:port      under which callers know it (SOA_MONITOR_ADVERTISE)
  --outbound listen=target   a way out for the service: it calls the port in its partner's stead (may be repeated)
  --spool folder             where reports wait on disk while the monitor is away (SOA_MONITOR_SPOOL)
  --max-spool 256            its files, in MiB; then the oldest are dropped and counted (SOA_MONITOR_SPOOL_BYTES)
  --config file.json         many routes: see the README

 TLS, files in PEM
  --tls-cert, --tls-key      of the proxy: callers come in over TLS
  --tls-ca                   callers must show a certificate of this authority
  --target-ca                the authority of the target's certificate, where it is no public one
  --target-cert, --target-key  shown to the target
  --target-insecure          takes any certificate of the target

 Changed only on request
  --host keep|target|name    the Host header: as it came (default), the target's, or a name
  --rewrite-wsdl             in ?wsdl and ?xsd replies: the proxy's address in place of the service's own

 Limits, in seconds; 0 is none
  --connect-timeout 10       504 after it; 502 when the connection is refused
  --reply-timeout 0          for the first byte of a reply; 504 after it
  --idle-timeout 0           for a connection over which nothing passes
  --max-connections 10000    503 above it
  --drain 30                 for calls in flight when it is told to end
  --probe-interval 5         how often to look whether the service is there (0: never)
  --probe-path /svc?wsdl     asked for besides the connection

  -h, --help                 this
  -v, --version
`;
