import javax.xml.bind.annotation.XmlAccessType;
import javax.xml.bind.annotation.XmlAccessorType;
import javax.xml.bind.annotation.XmlElement;
import javax.xml.bind.annotation.XmlRootElement;

@XmlRootElement(name = "greetResponse", namespace = "urn:greeter")
@XmlAccessorType(XmlAccessType.FIELD)
public class GreetResponse {
    @XmlElement(namespace = "urn:greeter")
    public String greeting;

    public String getGreeting() { return greeting; }
    public void setGreeting(String value) { greeting = value; }
}
