package coordconv.layers.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON header of a safetensors file, parsed and checked entry by entry. */
final class SafetensorsHeader {
    static final String METADATA = "__metadata__";

    // Field names come from the file: a shared symbol table would keep them, and could be flooded.
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4).maxNumberLength(20).maxNameLength(1 << 16).maxStringLength(1 << 22).build())
            .build();

    /** One array: where it stands in the data, and as what. */
    record Entry(String name, ElementType type, int[] shape, int elements, long begin, long end) {}

    private final FileRefusals refusals;
    private final int maxArrays;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsHeader(FileRefusals refusals, int maxArrays) {
        this.refusals = refusals;
        this.maxArrays = maxArrays;
    }

    static SafetensorsHeader parse(FileRefusals refusals, byte[] bytes, int maxArrays) throws IOException {
        SafetensorsHeader header = new SafetensorsHeader(refusals, maxArrays);
        // The strict decoder: the parser's own guess at the encoding is not wanted.
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        if (!text.startsWith("{")) {
            throw refusals.refuse("header", "one that does not start with {", "a JSON object");
        }
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                header.member(parser);
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw refusals.refuse("header", "more than one JSON value", "one JSON object, then spaces");
            }
        }
        return header;
    }

    List<Entry> entries() {
        return entries;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    private void member(JsonParser parser) throws IOException {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value != JsonToken.START_OBJECT) {
            throw refusals.refuse(name, "header entry", value, "a JSON object");
        }
        if (name.equals(METADATA)) {
            metadata(parser);
        } else {
            entry(name, parser);
        }
    }

    private void metadata(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw refusals.refuse("metadata " + Text.quote(key), parser.currentToken(), "a string");
            }
            metadata.put(key, parser.getText());
        }
    }

    private void entry(String name, JsonParser parser) throws IOException {
        refusals.checkName(name);
        if (entries.size() == maxArrays) {
            throw refusals.refuse("arrays", "more than " + maxArrays, "at most " + maxArrays);
        }
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "dtype" -> dtype = string(name, parser);
                case "shape" -> shape = numbers(name, field, parser, ReadLimits.RANK);
                case "data_offsets" -> offsets = numbers(name, field, parser, 2);
                default -> throw refusals.refuse(name, "header field", Text.quote(field),
                        "dtype, shape and data_offsets alone");
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
            throw refusals.refuse(name, "header entry", "one that lacks a field", "dtype, shape and two data_offsets");
        }
        entries.add(checked(name, dtype, shape, offsets));
    }

    private Entry checked(String name, String dtype, long[] shape, long[] offsets) throws IOException {
        ElementType type = ElementType.ofSafetensors(dtype).orElse(null);
        if (type == null) {
            throw refusals.refuse(name, "dtype", Text.quote(dtype), "one of " + Arrays.toString(ElementType.values()));
        }
        int elements = ArraySpec.elements(shape);
        if (elements < 0) {
            throw refusals.refuse(name, "shape", ElementReader.shapeText(shape),
                    "at most " + ArraySpec.MAX_ELEMENTS + " elements");
        }
        long bytes = (long) elements * type.bytes();
        if (offsets[1] - offsets[0] != bytes) {
            throw refusals.refuse(name, "data_offsets", Arrays.toString(offsets), bytes + " bytes for shape "
                    + ElementReader.shapeText(shape) + " of " + type);
        }
        int[] sizes = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
        return new Entry(name, type, sizes, elements, offsets[0], offsets[1]);
    }

    private String string(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw refusals.refuse(name, "dtype", parser.currentToken(), "a string");
        }
        return parser.getText();
    }

    private long[] numbers(String name, String field, JsonParser parser, int most) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw refusals.refuse(name, field, parser.currentToken(), "an array of integers");
        }
        long[] numbers = new long[most];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || count == most) {
                throw refusals.refuse(name, field, count == most ? "more than " + most + " numbers"
                        : parser.currentToken(), "at most " + most + " integers");
            }
            // Out of the range of long, this throws an IOException of its own.
            long number = parser.getLongValue();
            if (number < 0) {
                throw refusals.refuse(name, field, number, "at least 0");
            }
            numbers[count++] = number;
        }
        return Arrays.copyOf(numbers, count);
    }
}
