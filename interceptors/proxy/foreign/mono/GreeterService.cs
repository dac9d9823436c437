using System;
using System.ServiceModel;
using System.Threading;

/** Its XML is that of every other stack's greeter: document, literal, wrapped. */
[ServiceContract(Name = "GreeterPort", Namespace = "urn:greeter")]
public interface IGreeter {
    [OperationContract(Name = "greet", Action = "urn:greeter#greet", ReplyAction = "*")]
    [return: MessageParameter(Name = "greeting")]
    string Greet([MessageParameter(Name = "who")] string who);
}

/** A service of WCF on Mono: service.exe port. Mono tells the reason of a fault only together with the exception's details. */
[ServiceBehavior(Name = "Greeter", Namespace = "urn:greeter", IncludeExceptionDetailInFaults = true)]
public class GreeterService : IGreeter {
    public string Greet(string who) {
        if (who == "nobody") throw new FaultException("nobody of that name", new FaultCode("Client"));
        return "hello " + who;
    }

    public static void Main(string[] arguments) {
        var address = new Uri("http://127.0.0.1:" + arguments[0] + "/greeter");
        var host = new ServiceHost(typeof(GreeterService));
        host.AddServiceEndpoint(typeof(IGreeter), new BasicHttpBinding(), address);
        host.Open();
        Console.WriteLine("ready");
        Thread.Sleep(Timeout.Infinite);
    }
}
