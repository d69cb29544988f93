package coordconv.layers.io;

import static coordconv.layers.io.WeightSamples.assertRefused;
import static coordconv.layers.io.WeightSamples.file;
import static coordconv.layers.io.WeightSamples.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsRefusalTest {
    @TempDir
    Path folder;

    /** Single quotes stand for double ones, 8 bytes of data follow. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "overlap     | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
        "holes       | {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
        "holes       | {'a':{'dtype':'F16','shape':[1],'data_offsets':[0,2]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
        "8 bytes     | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
        "at most the 8 bytes | {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}",
        "12 bytes for shape [3] | {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}",
        "data_offsets | {'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}",
        "at least 0  | {'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}",
        "data_offsets | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}}",
        "lacks       | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}",
        "at least 0  | {'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}",
        "VALUE_NUMBER_FLOAT | {'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}",
        "elements    | {'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}}",
        "elements    | {'a':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,8]}}",
        "range       | {'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}}",
        "at most 32  | {'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],'data_offsets':[0,8]}}",
        "dtype       | {'a':{'dtype':'C64','shape':[1],'data_offsets':[0,8]}}",
        "dtype       | {'a':{'dtype':7,'shape':[1],'data_offsets':[0,8]}}",
        "lacks       | {'a':{'dtype':'F64','shape':[1]}}",
        "lacks       | {'a':{}}",
        "header field | {'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8],'more':1}}",
        "JSON object | {'a':7}",
        "array of integers | {'a':{'dtype':'F64','shape':{},'data_offsets':[0,8]}}",
        "Duplicate   | {'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]},'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
        "Duplicate   | {'a':{'dtype':'F64','shape':[1],'shape':[1],'data_offsets':[0,8]}}",
        "string      | {'__metadata__':{'a':1},'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
        "metadata    | {'__metadata__':{'a':{'b':{'c':{}}}}}",
        "one JSON    | {'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}} {}",
        "array name  | {'../../a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
        "array name  | {'/a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
        "array name  | {'':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
        "array name  | {'a\\u0000b':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
        "array name  | {'a\\ud800':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
        "reading     | {'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}",
        "start with  | [1]"})
    void badHeader(String mention, String header) {
        assertRefused(file(folder, "a.safetensors", safetensors(header.replace('\'', '"'), 8)), mention);
    }

    @Test
    void headerThatIsNotUtf8() {
        byte[] content = safetensors("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8);
        content[8 + 2] = (byte) 0xff;
        assertRefused(file(folder, "a.safetensors", content), "reading");
    }

    @Test
    void headerLengthsThatAreNone() {
        for (long length : new long[] {0, 1, 9, 1L << 24, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            byte[] content = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
            assertRefused(file(folder, "a.safetensors", content), "header length", Long.toUnsignedString(length));
        }
        // Big-endian length of a short header.
        assertRefused(file(folder, "a.safetensors", ByteBuffer.allocate(10).putLong(2).put((byte) '{').put((byte) '}').array()),
                "header length", "little-endian");
    }

    @Test
    void limits() {
        String header = "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[4,8]}}";
        Path file = file(folder, "a.safetensors", safetensors(header, 8));
        assertRefused(file, new ReadLimits(20, 10, 100), "header length", "at most 20");
        assertRefused(file, new ReadLimits(1000, 1, 100), "at most 1");
        assertRefused(file, new ReadLimits(1000, 10, 15), "\"b\"", "16 bytes", "at most 15");
        assertRefused(file(folder, "b.safetensors", new byte[4000]), new ReadLimits(100, 1, 8), "file size", "4000");
    }

    @Test
    void anythingButAnOrdinaryFile() {
        assertRefused(folder.resolve("none.safetensors"), "ordinary file");
        folder.resolve("dir.npy").toFile().mkdir();
        assertRefused(folder.resolve("dir.npy"), "ordinary file");
        assertRefused(folder.resolve("a.txt"), ".safetensors");
    }
}
