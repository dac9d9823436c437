import java.net.URL;
import javax.xml.namespace.QName;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.Service;
import javax.xml.ws.soap.SOAPFaultException;

/** A client of the JAX-WS reference implementation: GreeterClient url who */
public class GreeterClient {
    public static void main(String[] args) throws Exception {
        Service service = Service.create(new URL(args[0] + "?wsdl"), new QName("urn:greeter", "Greeter"));
        Greeter port = service.getPort(new QName("urn:greeter", "GreeterPort"), Greeter.class);
        ((BindingProvider) port).getRequestContext().put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, args[0]);
        try {
            System.out.println(port.greet(args[1]));
        } catch (SOAPFaultException fault) {
            System.out.println("FAULT " + fault.getFault().getFaultString());
        }
    }
}
