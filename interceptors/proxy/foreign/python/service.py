"""A spyne service: service.py <port>"""
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from spyne import Application, Fault, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication


class Greeter(ServiceBase):
    @rpc(Unicode, _returns=Unicode, _out_variable_name='greeting')
    def greet(ctx, who):
        if who == 'nobody':
            raise Fault('Client', 'nobody of that name')
        return 'hello ' + who


class Quiet(WSGIRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass


application = Application([Greeter], 'urn:greeter', in_protocol=Soap11(), out_protocol=Soap11())
server = make_server('127.0.0.1', int(sys.argv[1]), WsgiApplication(application), handler_class=Quiet)
print('ready', flush=True)
server.serve_forever()
