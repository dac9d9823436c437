using System;
using System.Runtime.Serialization;
using System.ServiceModel;
using System.ServiceModel.Channels;

[DataContract(Name = "greet", Namespace = "urn:greeter")]
public class GreetRequest {
    [DataMember(Name = "who")] public string Who;
}

[DataContract(Name = "greetResponse", Namespace = "urn:greeter")]
public class GreetResponse {
    [DataMember(Name = "greeting")] public string Greeting;
}

/**
 * A client of WCF on Mono: client.exe url who. It uses WCF's channels: Mono's generated proxies end with an exception at any
 * fault whose detail is not an ExceptionDetail.
 */
public static class GreeterClient {
    public static void Main(string[] arguments) {
        var channels = new BasicHttpBinding().BuildChannelFactory<IRequestChannel>();
        channels.Open();
        var channel = channels.CreateChannel(new EndpointAddress(arguments[0]));
        channel.Open();
        var body = new GreetRequest { Who = arguments[1] };
        var reply = channel.Request(Message.CreateMessage(MessageVersion.Soap11, "urn:greeter#greet", body));
        if (reply.IsFault) Console.WriteLine("FAULT " + MessageFault.CreateFault(reply, 65536).Reason);
        else Console.WriteLine(reply.GetBody<GreetResponse>().Greeting);
        channels.Close();
    }
}
