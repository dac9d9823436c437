#!/usr/bin/perl
# A SOAP::Lite client: client.pl <url> <who>
use strict;
use warnings;
use SOAP::Lite;

my ( $url, $who ) = @ARGV;
my $client = SOAP::Lite->proxy($url)->default_ns('urn:greeter')->on_action( sub { '"urn:greeter#greet"' } );
my $reply  = $client->call( 'greet', SOAP::Data->name( who => $who )->type('') );
print $reply->fault ? 'FAULT ' . $reply->faultstring : $reply->result, "\n";
