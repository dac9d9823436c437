/** What `soa-monitor --help` prints. */
export const HELP = `Usage: soa-monitor serve [options]
       soa-monitor migrate | backup | check | rebuild [options]    (each with --help)
       soa-monitor export --help

  --port N            port to listen on; 4600 unless given, 0 for any free one
  --host ADDRESS      address to listen on; 127.0.0.1 unless given. Another one needs both secrets below
  --host-name NAME    a name[:port] by which this server is called, besides localhost; repeat or separate by commas
  --data DIR          data folder; ./data unless given
  --config FILE       JSON with the same names, as { "port": 4600, "ping-allow": ["10.0.0.7:8080"] }
  --ping-interval N   milliseconds between pings of a listener; 5000 unless given, at least 100
  --ping-allow A,…    host:port that may be pinged although no report comes from there
  --viewers-max N     viewers at a time; 50 unless given
  --keep-days N           days that messages are kept; 30 unless given
  --keep-bodies-days N    days that captured bodies are kept; 7 unless given, no longer than their messages
  --keep-rollups-days N   days that what is counted is kept; 400 unless given, no shorter than messages
  --max-size-gib N        the oldest messages go while the database is larger; 0, no limit, unless given
  --otlp-url URL          send each exchange as spans to this OTLP/HTTP receiver; off unless given
  --otlp-settle N         seconds that an exchange settles before its spans go out; 10 unless given
  --help, --version

Environment: SOA_MONITOR_KEY           the ingest key that reporters send; made at first start unless given
             SOA_MONITOR_VIEWER_TOKEN  the token that viewers need; none unless given
             SOA_MONITOR_OTLP_URL      as --otlp-url
             SOA_MONITOR_OTLP_HEADERS  headers for that receiver, as name=value,name=value
Exit codes:  0 stopped as asked, 1 could not run, 2 an option or the config file is bad
`;
