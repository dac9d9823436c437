<?php
// A router of php -S: the SOAP extension's server. The WSDL's path is in GREETER_WSDL.
class Greeter
{
    public function greet($request)
    {
        if ($request->who === 'nobody') {
            throw new SoapFault('Client', 'nobody of that name');
        }
        return ['greeting' => 'hello ' . $request->who];
    }
}

ini_set('soap.wsdl_cache_enabled', '0');
$server = new SoapServer(getenv('GREETER_WSDL'), ['cache_wsdl' => WSDL_CACHE_NONE]);
$server->setClass('Greeter');
$server->handle();
