import javax.xml.bind.annotation.XmlAccessType;
import javax.xml.bind.annotation.XmlAccessorType;
import javax.xml.bind.annotation.XmlElement;
import javax.xml.bind.annotation.XmlRootElement;

@XmlRootElement(name = "greet", namespace = "urn:greeter")
@XmlAccessorType(XmlAccessType.FIELD)
public class Greet {
    @XmlElement(namespace = "urn:greeter")
    public String who;

    public String getWho() { return who; }
    public void setWho(String value) { who = value; }
}
