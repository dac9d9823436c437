import javax.jws.WebMethod;
import javax.jws.WebParam;
import javax.jws.WebResult;
import javax.jws.WebService;
import javax.xml.ws.RequestWrapper;
import javax.xml.ws.ResponseWrapper;

@WebService(name = "GreeterPort", targetNamespace = "urn:greeter")
public interface Greeter {
    @WebMethod(action = "urn:greeter#greet")
    @WebResult(name = "greeting", targetNamespace = "urn:greeter")
    @RequestWrapper(localName = "greet", targetNamespace = "urn:greeter", className = "Greet")
    @ResponseWrapper(localName = "greetResponse", targetNamespace = "urn:greeter", className = "GreetResponse")
    String greet(@WebParam(name = "who", targetNamespace = "urn:greeter") String who);
}
