package coordconv.layers.io;

import coordconv.layers.training.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a training checkpoint as a safetensors file: its arrays with one axis each, its notes as
 * metadata. What is read back is equal to the bit.
 */
public final class CheckpointFile {
    private CheckpointFile() {}

    /**
     * Writes a checkpoint in one step: a run that is killed meanwhile finds the one before.
     *
     * @param file ending in .safetensors
     * @param checkpoint what to keep
     * @throws WeightFileException if it cannot be written; the file is then what it was
     */
    public static void write(Path file, Checkpoint checkpoint) throws WeightFileException {
        requireSafetensors(file);
        List<NamedArray> arrays = new ArrayList<>();
        checkpoint.arrays().forEach((name, values) -> arrays.add(new NamedArray(name, new int[] {values.length}, values)));
        WeightFile.write(file, NamedArrays.of(arrays).withMetadata(checkpoint.notes()));
    }

    /**
     * Reads a checkpoint.
     *
     * @param file ending in .safetensors
     * @return the checkpoint; whether it fits a run, the run itself checks
     * @throws WeightFileException if it cannot be read or is damaged
     */
    public static Checkpoint read(Path file) throws WeightFileException {
        requireSafetensors(file);
        NamedArrays arrays = WeightFile.read(file);
        Map<String, float[]> values = new LinkedHashMap<>();
        arrays.forEach(array -> values.put(array.name(), array.values()));
        return new Checkpoint(values, arrays.metadata());
    }

    private static void requireSafetensors(Path file) throws WeightFileException {
        if (WeightFormat.of(file) != WeightFormat.SAFETENSORS) {
            throw new FileRefusals(file).refuse("file name", Text.quote(file.getFileName().toString()),
                    "one that ends in .safetensors, which alone holds the notes of a checkpoint");
        }
    }
}
