import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.axis.configuration.FileProvider;
import org.apache.axis.transport.http.SimpleAxisServer;

/** Axis 1's own small server: AxisService port wsdd */
public class AxisService {
    public static void main(String[] args) throws Exception {
        SimpleAxisServer server = new SimpleAxisServer();
        server.setMyConfig(new FileProvider(args[1]));
        server.setServerSocket(new ServerSocket(Integer.parseInt(args[0]), 50, InetAddress.getByName("127.0.0.1")));
        System.out.println("ready");
        server.run();
    }
}
