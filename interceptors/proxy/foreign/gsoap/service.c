/* A gSOAP service, one connection at a time: service <port> */
#include "soapH.h"
#include "greeter.nsmap"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ns__greet(struct soap *soap, char *who, char **greeting)
{
    if (strcmp(who, "nobody") == 0)
        return soap_sender_fault(soap, "nobody of that name", NULL);
    *greeting = (char *)soap_malloc(soap, strlen(who) + 7);
    sprintf(*greeting, "hello %s", who);
    return SOAP_OK;
}

int main(int argc, char **argv)
{
    struct soap soap;
    soap_init1(&soap, SOAP_IO_KEEPALIVE);
    soap.recv_timeout = 2;
    if (argc < 2 || !soap_valid_socket(soap_bind(&soap, "127.0.0.1", atoi(argv[1]), 100)))
        return 1;
    printf("ready\n");
    fflush(stdout);
    while (soap_valid_socket(soap_accept(&soap)))
    {
        soap_serve(&soap);
        soap_destroy(&soap);
        soap_end(&soap);
    }
    return 1;
}
