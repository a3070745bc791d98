package io.gatehouse.admission.replica;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** A device's attributes in one array instead of a map of objects. */
final class PackedAttributes {
    static final byte[] NONE = {};

    private PackedAttributes() {}

    static byte[] pack(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            return NONE;
        }
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (var attribute : attributes.entrySet()) {
                out.writeUTF(attribute.getKey());
                out.writeUTF(attribute.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("attributes that cannot be packed", e);
        }
        return bytes.toByteArray();
    }

    static Map<String, String> unpack(byte[] packed) {
        if (packed.length == 0) {
            return Map.of();
        }
        var attributes = new HashMap<String, String>();
        try (var in = new DataInputStream(new ByteArrayInputStream(packed))) {
            while (in.available() > 0) {
                attributes.put(in.readUTF(), in.readUTF());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("attributes that were packed here", e);
        }
        return attributes;
    }
}
