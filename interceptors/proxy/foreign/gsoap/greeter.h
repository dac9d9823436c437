//gsoap ns service name: greeter
//gsoap ns service namespace: urn:greeter
//gsoap ns service style: document
//gsoap ns service encoding: literal
//gsoap ns schema namespace: urn:greeter
//gsoap ns schema elementForm: qualified
//gsoap ns service method-action: greet urn:greeter#greet
int ns__greet(char *who, char **greeting);
