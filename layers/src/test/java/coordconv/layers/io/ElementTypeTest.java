package coordconv.layers.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes beyond the half of each integer type. */
class ElementTypeTest {
    @ParameterizedTest
    @CsvSource({"U8, 200, 200", "U8, 255, 255", "I8, 200, -56", "BOOL, 1, 1"})
    void aByteIsReadWithOrWithoutASign(ElementType type, int given, float expected) {
        assertEquals(expected, type.next(ByteBuffer.wrap(new byte[] {(byte) given})));
    }
}
