package io.gatehouse.broker.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** Reads a small XML file without document types or anything else from outside of it. */
final class XmlFile {
    private static final int LARGEST = 256 * 1024;

    private XmlFile() {}

    /** The root element. */
    static Element root(Path file, String name) throws UnsafeConfigurationException {
        byte[] bytes = read(file);
        try {
            var factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Quiet());
            var root = builder.parse(new ByteArrayInputStream(bytes)).getDocumentElement();
            if (!root.getTagName().equals(name)) {
                throw new UnsafeConfigurationException(
                        file, "the root element", "<" + root.getTagName() + ">", "<" + name + ">");
            }
            return root;
        } catch (SAXException | IOException e) {
            throw new UnsafeConfigurationException(file, "the file", "not well-formed: " + e.getMessage(), "XML");
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java platform has no XML parser", e);
        }
    }

    static List<Element> children(Element parent) {
        var children = new ArrayList<Element>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    static List<Element> children(Element parent, String name) {
        return children(parent).stream()
                .filter(element -> element.getTagName().equals(name))
                .toList();
    }

    static String text(Element element) {
        return element.getTextContent().strip();
    }

    private static byte[] read(Path file) throws UnsafeConfigurationException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new UnsafeConfigurationException(file, "the file", "too large", LARGEST + " bytes at most");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnsafeConfigurationException(file, "the file", "missing or not readable", "a readable file");
        }
    }

    /** The parser's own handler prints to the error stream. */
    private static final class Quiet implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) {}

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
