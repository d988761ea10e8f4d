"""An OPC UA server that is not node-opcua: `python3 opcua-foreign-server.py PORT` (asyncua, LGPL, tests only)."""

import asyncio
import sys
from datetime import datetime, timezone

from asyncua import Server, ua

URI = "urn:foreign:plc"


async def main(port):
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/plc/")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    # A namespace in front, so that the index of ours is not the usual one.
    await server.register_namespace("urn:foreign:other")
    index = await server.register_namespace(URI)
    pump = await server.nodes.objects.add_object(ua.NodeId("P-101", index), "P-101")

    async def variable(name, value, kind):
        return await pump.add_variable(ua.NodeId(f"P-101.{name}", index), name, value, kind)

    temperature = await variable("BRG_TEMP", 104.0, ua.VariantType.Float)
    units = ua.EUInformation(
        NamespaceUri="http://www.opcfoundation.org/UA/units/un/cefact",
        UnitId=4604232,
        DisplayName=ua.LocalizedText("°F"),
    )
    await temperature.add_property(ua.NodeId("units", index), ua.QualifiedName("EngineeringUnits", 0), units)
    speed = await variable("SPD", 1470, ua.VariantType.Int64)
    running = await variable("RUN", 1, ua.VariantType.Int16)
    spectrum = await variable("ENV_SPEC", [0.1, 0.2, 0.3], ua.VariantType.Float)
    pressure = await variable("SUC_PRESS", 0.5, ua.VariantType.Double)

    async with server:
        print("ready", flush=True)
        step = 0
        while True:
            step += 1
            now = datetime.now(timezone.utc)
            await temperature.write_value(ua.DataValue(ua.Variant(104.0 + step % 2, ua.VariantType.Float), SourceTimestamp=now))
            await speed.write_value(ua.DataValue(ua.Variant(1470 + step % 3, ua.VariantType.Int64), SourceTimestamp=now))
            await running.write_value(ua.DataValue(ua.Variant(step % 2, ua.VariantType.Int16), SourceTimestamp=now))
            values = [0.1 * step, 0.2, 0.3]
            await spectrum.write_value(ua.DataValue(ua.Variant(values, ua.VariantType.Float), SourceTimestamp=now))
            status = ua.StatusCode(ua.StatusCodes.UncertainSensorNotAccurate if step % 2 else ua.StatusCodes.BadSensorFailure)
            await server.write_attribute_value(
                pressure.nodeid,
                ua.DataValue(ua.Variant(0.5, ua.VariantType.Double), StatusCode=status, SourceTimestamp=now),
            )
            await asyncio.sleep(0.1)


asyncio.run(main(int(sys.argv[1])))
