/** A small document/literal service: greets, and declares a fault for those it does not know. */

export const greeterWsdl = (address: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="Greeter" targetNamespace="urn:greeter" xmlns="http://schemas.xmlsoap.org/wsdl/"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="urn:greeter" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <types>
    <xsd:schema targetNamespace="urn:greeter" elementFormDefault="qualified">
      <xsd:element name="greet"><xsd:complexType><xsd:sequence>
        <xsd:element name="who" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>
      <xsd:element name="greetResponse"><xsd:complexType><xsd:sequence>
        <xsd:element name="greeting" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>
    </xsd:schema>
  </types>
  <message name="greetIn"><part name="parameters" element="tns:greet"/></message>
  <message name="greetOut"><part name="parameters" element="tns:greetResponse"/></message>
  <portType name="GreeterPort"><operation name="greet">
    <input message="tns:greetIn"/><output message="tns:greetOut"/></operation></portType>
  <binding name="GreeterBinding" type="tns:GreeterPort">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="greet"><soap:operation soapAction="urn:greeter#greet"/>
      <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
  </binding>
  <service name="Greeter"><port name="GreeterPort" binding="tns:GreeterBinding">
    <soap:address location="${address}"/></port></service>
</definitions>`;

/** What a client sends, for those who send it by hand. */
export const greetRequest = (who: string): string =>
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">' +
  `<soap:Body><greet xmlns="urn:greeter"><who>${who}</who></greet></soap:Body></soap:Envelope>`;

/** The implementation; `whenGreeting` may call on, or throw. */
export const greeterService = (whenGreeting: (who: string) => string | Promise<string>) => ({
  Greeter: {
    GreeterPort: {
      greet: (args: { who: string }, callback?: (error: unknown, result?: unknown) => void) => {
        Promise.resolve()
          .then(() => whenGreeting(args.who))
          .then(
            (greeting) => callback?.(null, { greeting }),
            (error) => callback?.(error),
          );
      },
    },
  },
});

export const unknownPerson = (): Error =>
  Object.assign(new Error('unknown'), {
    Fault: {
      faultcode: 'soap:Client',
      faultstring: 'nobody of that name',
      detail: { unknownPerson: 'x' },
      statusCode: 500,
    },
  });
