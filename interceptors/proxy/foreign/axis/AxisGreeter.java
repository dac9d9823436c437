import org.apache.axis.AxisFault;

public class AxisGreeter {
    public String greet(String who) throws AxisFault {
        if (!"nobody".equals(who)) return "hello " + who;
        throw new AxisFault("Client", "nobody of that name", null, null);
    }
}
