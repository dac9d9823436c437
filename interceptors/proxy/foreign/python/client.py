"""A zeep client: client.py <url> <who>"""
import sys

from zeep import Client
from zeep.exceptions import Fault

url, who = sys.argv[1:]
client = Client(url + '?wsdl')
service = client.create_service(list(client.wsdl.bindings)[0], url)
try:
    print(service.greet(who))
except Fault as fault:
    print('FAULT', fault.message)
