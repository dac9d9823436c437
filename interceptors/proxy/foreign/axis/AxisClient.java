import javax.xml.namespace.QName;
import javax.xml.rpc.ParameterMode;
import org.apache.axis.AxisFault;
import org.apache.axis.client.Call;
import org.apache.axis.client.Service;
import org.apache.axis.encoding.XMLType;

/** Axis 1's dynamic call: AxisClient url who */
public class AxisClient {
    public static void main(String[] args) throws Exception {
        Call call = (Call) new Service().createCall();
        call.setTargetEndpointAddress(new java.net.URL(args[0]));
        call.setOperationName(new QName("urn:greeter", "greet"));
        call.setOperationStyle("wrapped");
        call.setOperationUse("literal");
        call.setProperty(Call.SEND_TYPE_ATTR, Boolean.FALSE);
        call.setUseSOAPAction(true);
        call.setSOAPActionURI("urn:greeter#greet");
        call.addParameter(new QName("urn:greeter", "who"), XMLType.XSD_STRING, ParameterMode.IN);
        call.setReturnType(XMLType.XSD_STRING);
        call.setReturnQName(new QName("urn:greeter", "greeting"));
        try {
            System.out.println(call.invoke(new Object[] {args[1]}));
        } catch (AxisFault fault) {
            System.out.println("FAULT " + fault.getFaultString());
        }
    }
}
