package coordconv.layers.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data of a .safetensors file starts at a multiple of eight bytes, whatever the names are long. */
class SafetensorsPaddingTest {
    @Test
    void theHeaderIsPadded(@TempDir Path folder) throws IOException {
        for (int length = 1; length <= 8; length++) {
            Path file = folder.resolve(length + ".safetensors");
            WeightFile.write(file, NamedArrays.of(List.of(new NamedArray("n".repeat(length), new int[] {1}, new float[] {1}))));
            byte[] bytes = Files.readAllBytes(file);
            long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
            assertEquals(0, header % 8, "a name of " + length);
            assertEquals(8 + header + 4, bytes.length);
        }
    }
}
