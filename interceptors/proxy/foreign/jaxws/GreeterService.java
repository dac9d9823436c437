import javax.jws.WebService;
import javax.xml.namespace.QName;
import javax.xml.soap.SOAPConstants;
import javax.xml.soap.SOAPException;
import javax.xml.soap.SOAPFactory;
import javax.xml.soap.SOAPFault;
import javax.xml.ws.Endpoint;
import javax.xml.ws.soap.SOAPFaultException;

/** A service of the JAX-WS reference implementation: GreeterService port */
@WebService(endpointInterface = "Greeter", serviceName = "Greeter", portName = "GreeterPort", targetNamespace = "urn:greeter")
public class GreeterService implements Greeter {
    public String greet(String who) {
        if (!"nobody".equals(who)) return "hello " + who;
        try {
            QName code = new QName(SOAPConstants.URI_NS_SOAP_1_1_ENVELOPE, "Client");
            SOAPFault fault = SOAPFactory.newInstance().createFault("nobody of that name", code);
            throw new SOAPFaultException(fault);
        } catch (SOAPException error) {
            throw new IllegalStateException(error);
        }
    }

    public static void main(String[] args) {
        Endpoint.publish("http://127.0.0.1:" + args[0] + "/greeter", new GreeterService());
        System.out.println("ready");
    }
}
