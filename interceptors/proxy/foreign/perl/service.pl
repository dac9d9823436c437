#!/usr/bin/perl
# A SOAP::Lite daemon: service.pl <port>
use strict;
use warnings;
use SOAP::Transport::HTTP;

package Greeter;

sub greet {
    my ( $class, $who ) = @_;
    die SOAP::Fault->faultcode('Client')->faultstring('nobody of that name') if $who eq 'nobody';
    return SOAP::Data->name( greeting => "hello $who" )->type('string');
}

package main;

my $daemon = SOAP::Transport::HTTP::Daemon->new( LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], ReuseAddr => 1 );
$daemon->dispatch_with( { 'urn:greeter' => 'Greeter' } );
$daemon->on_action( sub { } );
$| = 1;
print "ready\n";
$daemon->handle;
