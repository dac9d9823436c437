/* A gSOAP client: client <url> <who> */
#include "soapH.h"
#include "greeter.nsmap"
#include <stdio.h>

int main(int argc, char **argv)
{
    struct soap soap;
    char *greeting = NULL;
    if (argc < 3)
        return 1;
    soap_init(&soap);
    if (soap_call_ns__greet(&soap, argv[1], NULL, argv[2], &greeting) == SOAP_OK)
        printf("%s\n", greeting);
    else if (soap.error == SOAP_FAULT || soap.fault)
        printf("FAULT %s\n", *soap_faultstring(&soap));
    else
        return 1;
    return 0;
}
