package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.Shape;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.onnx.OnnxExport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code coordconv conformance} as a user would try it. */
class ConformanceCommandTest {
    @TempDir
    Path folder;

    @Test
    void verdictsExitCodesAndJson() throws IOException {
        test("right", 3);
        StringWriter out = new StringWriter();
        assertEquals(0, run(out, "conformance", folder.toString()));
        assertTrue(out.toString().contains("ok       right") && out.toString().contains("1 ok, 0 refused, 0 wrong"), out.toString());
        test("other", 4);
        Files.write(test("unread", 3).resolve("model.onnx"), "no model".getBytes());
        out = new StringWriter();
        assertEquals(CoordConvCommand.CHECK_FAILED, run(out, "conformance", "--json", folder.resolve("right").toString(),
                folder.resolve("other").toString(), folder.resolve("unread").toString()));
        String json = out.toString();
        assertTrue(json.startsWith("{\"results\":[{\"name\":\"right\",\"verdict\":\"ok\""), json);
        assertTrue(json.contains("\"verdict\":\"wrong\"") && json.contains("\"worst_error\":0.24"), json);
        assertTrue(json.contains("\"verdict\":\"refused\"") && json.trim().endsWith("\"ok\":1,\"refused\":1,\"wrong\":1}"), json);
    }

    @Test
    void foldersWithoutTests() {
        for (String bad : new String[] {folder.toString(), folder.resolve("missing").toString()}) {
            StringWriter err = new StringWriter();
            int code = CoordConvCommand.execute(new PrintWriter(new StringWriter()), new PrintWriter(err), "conformance", bad);
            assertEquals(CoordConvCommand.WRONG_USAGE, code);
            assertTrue(err.toString().contains("needed a folder of tests"), err.toString());
        }
    }

    private static int run(StringWriter out, String... args) {
        return CoordConvCommand.execute(new PrintWriter(out), new PrintWriter(new StringWriter()), args);
    }

    /** The greatest of 0, 1, 2 and 3, and what is said to be. */
    private Path test(String name, float expected) throws IOException {
        Path test = folder.resolve(name);
        Path set = Files.createDirectories(test.resolve("test_data_set_0"));
        OnnxExport.write(new MaxPool2d(2), Shape.of(1, 1, 2, 2), OnnxExport.Batch.FIXED, test.resolve("model.onnx"));
        Files.write(set.resolve("input_0.pb"), tensor(2, 0, 1, 2, 3));
        Files.write(set.resolve("output_0.pb"), tensor(1, expected));
        return test;
    }

    /** A TensorProto [1, 1, side, side] of floats, field by field: dims, data_type, raw_data. */
    private static byte[] tensor(int side, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int extent : new int[] {1, 1, side, side}) {
            bytes.put((byte) 0x08).put((byte) extent);
        }
        bytes.put((byte) 0x10).put((byte) 1).put((byte) 0x4a).put((byte) (4 * values.length));
        for (float value : values) {
            bytes.putFloat(value);
        }
        byte[] content = new byte[bytes.position()];
        bytes.flip().get(content);
        return content;
    }
}
