package io.gatehouse.x509.der;

/** The identifier octets that X.509, PKCS#7, PKCS#8 and PKCS#10 use. */
public final class DerTag {
    public static final int BOOLEAN = 0x01;
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int NULL = 0x05;
    public static final int OBJECT_IDENTIFIER = 0x06;
    public static final int ENUMERATED = 0x0a;
    public static final int UTF8_STRING = 0x0c;
    public static final int PRINTABLE_STRING = 0x13;
    public static final int IA5_STRING = 0x16;
    public static final int UTC_TIME = 0x17;
    public static final int GENERALIZED_TIME = 0x18;
    public static final int SEQUENCE = 0x30;
    public static final int SET = 0x31;

    private DerTag() {}

    /** A constructed context-specific tag, [n]. */
    public static int constructed(int number) {
        return 0xa0 | number;
    }

    /** A primitive context-specific tag, [n] IMPLICIT. */
    public static int primitive(int number) {
        return 0x80 | number;
    }

    static String name(int tag) {
        return switch (tag) {
            case BOOLEAN -> "BOOLEAN";
            case INTEGER -> "INTEGER";
            case BIT_STRING -> "BIT STRING";
            case OCTET_STRING -> "OCTET STRING";
            case NULL -> "NULL";
            case OBJECT_IDENTIFIER -> "OBJECT IDENTIFIER";
            case ENUMERATED -> "ENUMERATED";
            case SEQUENCE -> "SEQUENCE";
            case SET -> "SET";
            default -> "tag 0x" + Integer.toHexString(tag);
        };
    }
}
