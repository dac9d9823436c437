<?php
// The SOAP extension's client: client.php <url> <who>
[, $url, $who] = $argv;
ini_set('soap.wsdl_cache_enabled', '0');
$client = new SoapClient($url . '?wsdl', ['location' => $url, 'cache_wsdl' => WSDL_CACHE_NONE]);
try {
    echo $client->greet(['who' => $who])->greeting, "\n";
} catch (SoapFault $fault) {
    echo 'FAULT ', $fault->getMessage(), "\n";
}
