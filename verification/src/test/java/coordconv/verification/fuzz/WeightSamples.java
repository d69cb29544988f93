package coordconv.verification.fuzz;

import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.io.NamedArray;
import coordconv.layers.io.NamedArrays;
import coordconv.layers.io.WeightFile;
import coordconv.layers.io.Weights;
import coordconv.layers.normalisation.BatchNorm2d;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Good weight files, to be damaged, and a small model that they fit. */
final class WeightSamples {
    private WeightSamples() {}

    static Layer model() {
        return Sequential.builder().add("conv", new CoordConv2d(ConvSpec.of(1, 2, 3)))
                .add("norm", new BatchNorm2d(2)).build().initialise(1);
    }

    /** A file of another model of the same kind, whose values all differ. */
    static byte[] fileOf(Layer model, String ending) throws IOException {
        NamedArrays arrays = Weights.of(model);
        if (ending.equals(".npy")) {
            arrays = NamedArrays.of(arrays.get("conv.conv.weight"));
        }
        if (ending.equals(".safetensors")) {
            arrays = arrays.withMetadata(Map.of("format", "pt"));
        }
        try (ScratchFile scratch = ScratchFile.of("good" + ending, new byte[0])) {
            WeightFile.write(scratch.file(), arrays);
            return Files.readAllBytes(scratch.file());
        }
    }

    /** As {@link #fileOf}, compressed, in doubles, big-endian and in Fortran order. */
    static byte[] deflated(Layer model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (NamedArray array : Weights.of(model)) {
                String shape = java.util.Arrays.toString(array.shape()).replace('[', '(').replace("]", ",)");
                ByteBuffer data = ByteBuffer.allocate(8 * array.values().length);
                for (float value : array.values()) {
                    data.putDouble(value);
                }
                zip.putNextEntry(new ZipEntry(array.name() + ".npy"));
                zip.write(npy("{'descr': '>f8', 'fortran_order': True, 'shape': " + shape + "}", data.array()));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    static byte[] npy(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) 2).put((byte) 0)
                .putInt(text.length).put(text).put(data).array();
    }

    static byte[] safetensors(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).array();
    }

    /** An archive of one stored or deflated entry. */
    static byte[] zip(String entry, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content);
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }
}
