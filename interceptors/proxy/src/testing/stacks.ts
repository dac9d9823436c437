import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A SOAP stack that is not Node's, with a service and a client of the greeter made with it. */
export interface Stack {
  readonly name: string;
  /** Debian's packages that it needs. */
  readonly packages: readonly string[];
  /** Files that are there when the packages are. */
  readonly files: readonly string[];
  /** Run in a folder of its own before anything else. */
  readonly build: readonly (readonly string[])[];
  readonly path: string;
  /** In the same folder; `wsdl` is a file. */
  readonly service: (port: number) => readonly string[];
  /** Prints the greeting, or FAULT and the fault's reason. */
  readonly client: (url: string, who: string) => readonly string[];
}

const foreign = fileURLToPath(new URL('../../foreign/', import.meta.url));
const source = (path: string): string => join(foreign, path);
const jar = (name: string): string => `/usr/share/java/${name}.jar`;
const classPath = (jars: readonly string[]): string => ['.', ...jars.map(jar)].join(':');

const JAXWS = classPath([
  ...['jaxws-rt', 'jaxws-api', 'jws-api', 'jaxb-api', 'jaxb-runtime', 'jaxb-core', 'jaxb-impl', 'saaj', 'saaj-impl'],
  ...['javax.activation', 'istack-commons-runtime', 'stax-ex', 'streambuffer', 'metro-policy', 'gmbal', 'mimepull'],
  ...['FastInfoset', 'stax2-api', 'woodstox-core', 'txw2', 'geronimo-annotation-1.3-spec'],
]);
const AXIS = classPath([
  ...['axis', 'axis-jaxrpc', 'axis-saaj', 'commons-logging', 'commons-discovery', 'wsdl4j', 'javax.activation'],
]);
const javaSources = (folder: string, names: readonly string[]): string[] =>
  names.map((name) => source(`${folder}/${name}.java`));

/** The file that a service in WSDL mode reads. */
export const WSDL_FILE = 'greeter.wsdl';

export const STACKS: readonly Stack[] = [
  {
    name: 'Python: spyne and zeep',
    packages: ['python3-spyne', 'python3-zeep'],
    files: ['/usr/lib/python3/dist-packages/spyne', '/usr/lib/python3/dist-packages/zeep'],
    build: [],
    path: '/greeter',
    service: (port) => ['/usr/bin/python3', source('python/service.py'), String(port)],
    client: (url, who) => ['/usr/bin/python3', source('python/client.py'), url, who],
  },
  {
    name: 'PHP: the SOAP extension',
    packages: ['php-cli', 'php-soap'],
    files: ['/usr/bin/php', '/etc/php'],
    build: [['php', '-r', 'exit(extension_loaded("soap") ? 0 : 1);']],
    path: '/greeter',
    service: (port) => ['php', '-S', `127.0.0.1:${port}`, source('php/service.php')],
    client: (url, who) => ['php', source('php/client.php'), url, who],
  },
  {
    name: 'Perl: SOAP::Lite',
    packages: ['libsoap-lite-perl'],
    files: ['/usr/share/perl5/SOAP/Lite.pm'],
    build: [],
    path: '/greeter',
    service: (port) => ['perl', source('perl/service.pl'), String(port)],
    client: (url, who) => ['perl', source('perl/client.pl'), url, who],
  },
  {
    name: 'C: gSOAP',
    packages: ['gsoap', 'libgsoap-dev', 'gcc', 'libc6-dev'],
    files: ['/usr/bin/soapcpp2', '/usr/bin/gcc', '/usr/include/stdsoap2.h'],
    build: [
      ['soapcpp2', '-c', '-L', '-w', source('gsoap/greeter.h')],
      ['gcc', '-I.', '-o', 'service', source('gsoap/service.c'), 'soapC.c', 'soapServer.c', '-lgsoap'],
      ['gcc', '-I.', '-o', 'client', source('gsoap/client.c'), 'soapC.c', 'soapClient.c', '-lgsoap'],
    ],
    path: '/greeter',
    service: (port) => ['./service', String(port)],
    client: (url, who) => ['./client', url, who],
  },
  {
    name: 'Java: JAX-WS RI',
    packages: ['libjaxws-java', 'default-jdk-headless'],
    files: [jar('jaxws-rt'), '/usr/bin/javac'],
    build: [
      [
        ...['javac', '-cp', JAXWS, '-d', '.'],
        ...javaSources('jaxws', ['Greeter', 'Greet', 'GreetResponse', 'GreeterService', 'GreeterClient']),
      ],
    ],
    path: '/greeter',
    service: (port) => ['java', '-cp', JAXWS, 'GreeterService', String(port)],
    client: (url, who) => ['java', '-cp', JAXWS, 'GreeterClient', url, who],
  },
  {
    name: 'Java: Axis 1',
    packages: ['libaxis-java', 'default-jdk-headless'],
    files: [jar('axis'), '/usr/bin/javac'],
    build: [
      [
        // It reads class files itself, and only those of old.
        ...['javac', '-nowarn', '--release', '8', '-g', '-cp', AXIS, '-d', '.'],
        ...javaSources('axis', ['AxisGreeter', 'AxisService', 'AxisClient']),
      ],
    ],
    path: '/axis/services/greeter',
    service: (port) => ['java', '-cp', AXIS, 'AxisService', String(port), source('axis/server-config.wsdd')],
    client: (url, who) => ['java', '-cp', AXIS, 'AxisClient', url, who],
  },
  {
    name: 'C#: WCF on Mono',
    packages: ['mono-mcs', 'mono-runtime', 'libmono-system-servicemodel4.0a-cil'],
    files: ['/usr/bin/mcs', '/usr/bin/mono', '/usr/lib/mono/4.5/System.ServiceModel.dll'],
    build: [
      ['mcs', '-r:System.ServiceModel', '-out:service.exe', source('mono/GreeterService.cs')],
      [
        ...['mcs', '-r:System.ServiceModel,System.Runtime.Serialization', '-out:client.exe'],
        source('mono/GreeterClient.cs'),
      ],
    ],
    path: '/greeter',
    service: (port) => ['mono', 'service.exe', String(port)],
    client: (url, who) => ['mono', 'client.exe', url, who],
  },
];

export const missingFiles = (stack: Stack): readonly string[] => stack.files.filter((file) => !existsSync(file));
