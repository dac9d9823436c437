import { randomUUID } from 'node:crypto';

/** One request in so many is answered with a fault. */
const FAULT_EVERY = 20;

const WSDL_NAMESPACE = 'urn:bench:orders';

/** A WS-Addressing envelope of an order, padded with items to about `bytes`; the smallest is 546 B with its identifiers. */
export function orderRequest(bytes: number, number: number, messageId: string): string {
  const customer = number % FAULT_EVERY === 0 ? 'nobody' : 'C-100';
  const head =
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:wsa="http://www.w3.org/2005/08/addressing"><soap:Header><wsa:MessageID>' +
    `urn:uuid:${messageId}</wsa:MessageID></soap:Header><soap:Body><o:placeOrder xmlns:o="${WSDL_NAMESPACE}">` +
    `<o:customer>${customer}</o:customer>`;
  const tail = '</o:placeOrder></soap:Body></soap:Envelope>';
  const item = '<o:item><o:sku>SKU-000042</o:sku><o:quantity>3</o:quantity></o:item>';
  const items = Math.max(1, Math.floor((bytes - head.length - tail.length) / item.length));
  return head + item.repeat(items) + tail;
}

/** As many different requests as make one of each kind; autocannon sends them in turn. */
export const orderRequests = (bytes: number): string[] =>
  Array.from({ length: FAULT_EVERY }, (_, number) => orderRequest(bytes, number, randomUUID()));

export const orderReply =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
  `<o:placeOrderResponse xmlns:o="${WSDL_NAMESPACE}"><o:order>4711</o:order></o:placeOrderResponse></soap:Body></soap:Envelope>`;

export const orderFault =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
  '<soap:Fault><faultcode>soap:Client</faultcode><faultstring>unknown customer</faultstring></soap:Fault></soap:Body></soap:Envelope>';

export const orderWsdl = `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="Orders" targetNamespace="${WSDL_NAMESPACE}" xmlns="http://schemas.xmlsoap.org/wsdl/"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="${WSDL_NAMESPACE}" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <types><xsd:schema targetNamespace="${WSDL_NAMESPACE}" elementFormDefault="qualified">
    <xsd:element name="placeOrder"><xsd:complexType><xsd:sequence>
      <xsd:element name="customer" type="xsd:string"/>
      <xsd:element name="item" maxOccurs="unbounded"><xsd:complexType><xsd:sequence>
        <xsd:element name="sku" type="xsd:string"/><xsd:element name="quantity" type="xsd:int"/>
      </xsd:sequence></xsd:complexType></xsd:element>
    </xsd:sequence></xsd:complexType></xsd:element>
    <xsd:element name="placeOrderResponse"><xsd:complexType><xsd:sequence>
      <xsd:element name="order" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>
  </xsd:schema></types>
  <message name="placeOrderIn"><part name="parameters" element="tns:placeOrder"/></message>
  <message name="placeOrderOut"><part name="parameters" element="tns:placeOrderResponse"/></message>
  <portType name="OrdersPort"><operation name="placeOrder">
    <input message="tns:placeOrderIn"/><output message="tns:placeOrderOut"/></operation></portType>
  <binding name="OrdersBinding" type="tns:OrdersPort">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="placeOrder"><soap:operation soapAction="urn:bench:orders#placeOrder"/>
      <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
  </binding>
  <service name="Orders"><port name="OrdersPort" binding="tns:OrdersBinding">
    <soap:address location="http://127.0.0.1/orders"/></port></service>
</definitions>`;
