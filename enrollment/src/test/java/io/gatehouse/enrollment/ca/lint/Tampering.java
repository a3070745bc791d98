package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.Extension;

/** Takes a sound to-be-signed certificate apart and puts it together with a fault. */
final class Tampering {
    static final int VERSION = 0;
    static final int SERIAL = 1;
    static final int ALGORITHM = 2;
    static final int ISSUER = 3;
    static final int VALIDITY = 4;
    static final int SUBJECT = 5;
    static final int KEY = 6;
    static final int EXTENSIONS = 7;

    private Tampering() {}

    /** With another element at that place. */
    static UnsignedCertificate with(UnsignedCertificate sound, int place, ASN1Encodable element) {
        return edit(sound, elements -> elements.set(place, element));
    }

    /** Without the element at that place. */
    static UnsignedCertificate without(UnsignedCertificate sound, int place) {
        return edit(sound, elements -> elements.remove(place));
    }

    /** Without that extension. */
    static UnsignedCertificate withoutExtension(UnsignedCertificate sound, ASN1ObjectIdentifier oid) {
        return editExtensions(sound, all -> all.removeIf(each -> oidOf(each).equals(oid)));
    }

    /** With that extension as well, even when there is one. */
    static UnsignedCertificate withMore(
            UnsignedCertificate sound, ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        return editExtensions(sound, all -> all.add(extension(oid, critical, value)));
    }

    /** With that extension in place of what it was. */
    static UnsignedCertificate withExtension(
            UnsignedCertificate sound, ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        return withMore(withoutExtension(sound, oid), oid, critical, value);
    }

    /** With that extension as it is, but with the other criticality. */
    static UnsignedCertificate withOtherCriticality(UnsignedCertificate sound, ASN1ObjectIdentifier oid) {
        return editExtensions(
                sound,
                all -> all.replaceAll(each -> {
                    var extension = Extension.getInstance(each);
                    return extension.getExtnId().equals(oid)
                            ? new Extension(oid, !extension.isCritical(), extension.getExtnValue())
                            : each;
                }));
    }

    /** With octets in that extension that are no DER. */
    static UnsignedCertificate withGarbage(UnsignedCertificate sound, ASN1ObjectIdentifier oid) {
        var garbage = new Extension(oid, true, new DEROctetString(new byte[] {3, 9, 1}));
        return editExtensions(sound, all -> all.replaceAll(each -> oidOf(each).equals(oid) ? garbage : each));
    }

    /** With those bytes in place of its own. */
    static UnsignedCertificate bytes(UnsignedCertificate sound, UnaryOperator<byte[]> change) {
        return new UnsignedCertificate(sound.draft(), sound.issuer(), change.apply(sound.tbs()));
    }

    private static UnsignedCertificate editExtensions(UnsignedCertificate sound, Consumer<List<ASN1Encodable>> change) {
        return edit(sound, elements -> {
            var tagged = (ASN1TaggedObject) elements.get(EXTENSIONS);
            var all = list(ASN1Sequence.getInstance(tagged, true));
            change.accept(all);
            elements.set(EXTENSIONS, new DERTaggedObject(true, 3, sequence(all)));
        });
    }

    private static UnsignedCertificate edit(UnsignedCertificate sound, Consumer<List<ASN1Encodable>> change) {
        var elements = list(ASN1Sequence.getInstance(sound.tbs()));
        change.accept(elements);
        return bytes(sound, ignored -> encoded(sequence(elements)));
    }

    private static List<ASN1Encodable> list(ASN1Sequence sequence) {
        var list = new ArrayList<ASN1Encodable>();
        sequence.forEach(list::add);
        return list;
    }

    private static DERSequence sequence(List<ASN1Encodable> elements) {
        var vector = new ASN1EncodableVector();
        elements.forEach(vector::add);
        return new DERSequence(vector);
    }

    private static ASN1ObjectIdentifier oidOf(ASN1Encodable extension) {
        return Extension.getInstance(extension).getExtnId();
    }

    private static Extension extension(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        return new Extension(oid, critical, new DEROctetString(encoded(value)));
    }

    private static byte[] encoded(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded("DER");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
