package coordconv.cli.demo;

import coordconv.cli.demo.Figure.Panel;
import coordconv.kernels.Parallelism;
import coordconv.layers.io.AtomicFile;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.CoordinateTensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/** Convolves a photograph with coordinates and without, and draws what comes out. */
public final class PhotoDemo {
    private static final String INPUT = "input.png";
    private static final String COMPARISON = "plain-vs-coordconv.png";
    private static final int LONGEST_NAME = 60;
    private static final String PLAIN = "convolution";
    private static final String WITH = "CoordConv, the same weights";

    private final Photo photo;
    private final PhotoNetwork plain;
    private final PhotoNetwork coordconv;

    /**
     * Runs both networks.
     *
     * @param photo the input
     * @param parallelism threads
     */
    public PhotoDemo(Photo photo, Parallelism parallelism) {
        this.photo = photo;
        plain = new PhotoNetwork(photo, false, parallelism);
        coordconv = new PhotoNetwork(photo, true, parallelism);
    }

    /** {@return the CoordConv layer that looks at the photograph} */
    public Problem problem() {
        return coordconv.problem();
    }

    /** {@return the worst element of the CoordConv network on this photograph} */
    public Comparison check() {
        return coordconv.check();
    }

    /**
     * Writes the pictures.
     *
     * @param folder made where it is missing; files of the same names are replaced
     * @return the files
     * @throws IOException if one cannot be written
     */
    public List<Path> write(Path folder) throws IOException {
        Files.createDirectories(folder);
        return List.of(save(photo.image(), folder.resolve(INPUT)), save(figure(), folder.resolve(COMPARISON)));
    }

    private static Path save(BufferedImage image, Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        ByteBuffer content = ByteBuffer.wrap(bytes.toByteArray());
        // In one step: a full disk leaves the file that was there, not half a picture.
        AtomicFile.write(file, channel -> {
            while (content.hasRemaining()) {
                channel.write(content);
            }
        });
        return file;
    }

    private BufferedImage figure() throws IOException {
        Figure figure = new Figure((double) photo.width() / photo.height(), 5,
                "What coordinates add to a convolution",
                "A two-layer network with hand-set weights on " + shortened(photo.name()) + " (" + photo.width() + " x "
                        + photo.height() + "). A plain convolution answers alike wherever a thing is. CoordConv sees three"
                        + " more channels: x, y and the distance r from the centre, each made on the fly.");
        figure.row("Input", "The picture's three colours, and the three channels that CoordConv joins to them,"
                        + " dark for low and bright for high.",
                new Panel("photograph", photo.image()),
                List.of(new Panel("x, -1 to 1", channel(0)), new Panel("y, -1 to 1", channel(1)),
                        new Panel("r, 0 to 1.41", channel(2))),
                List.of("x = 2 column / (W - 1) - 1", "y = 2 row / (H - 1) - 1", "r\u00b2 = x\u00b2 + y\u00b2",
                        "never stored as a tensor: made while the input is packed"));
        figure.heatRow("Upright edges, left half",
                "One filter finds upright edges. With a weight on x it fades out where x > 0."
                        + " The plain filter cannot tell left from right.",
                new Panel(PLAIN, heat(plain, 0)), new Panel(WITH, heat(coordconv, 0)), most(0));
        figure.heatRow("Warm colours, lower half",
                "Red over blue, pixel by pixel. A weight on y, which points down, takes the upper half away.",
                new Panel(PLAIN, heat(plain, 1)), new Panel(WITH, heat(coordconv, 1)), most(1));
        figure.heatRow("Edges, inside a circle",
                "All edges, held back by a weight on r beyond 0.6 of the half size: a spotlight, for the price"
                        + " of one more channel.",
                new Panel(PLAIN, heat(plain, 2)), new Panel(WITH, heat(coordconv, 2)), most(2));
        figure.row("Where is this pixel?",
                "Outputs that should tell the position: x as red, y as green, r as blue. Without coordinates"
                        + " the answer is the same everywhere.",
                new Panel(PLAIN, position(plain)), new Panel(WITH, position(coordconv)));
        return figure.image();
    }

    /** A name has no spaces to break it at. */
    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name
                : name.substring(0, LONGEST_NAME / 2) + "..." + name.substring(name.length() - LONGEST_NAME / 2);
    }

    /** Both networks' pictures of one response have the scale of the plain one's. */
    private BufferedImage heat(PhotoNetwork network, int output) {
        return Pixels.heat(network.response(output), network.width(), most(output));
    }

    private float most(int output) {
        return Pixels.scale(plain.response(output));
    }

    private static BufferedImage position(PhotoNetwork network) {
        return Pixels.rgb(network.response(3), network.response(4), network.response(5), network.width());
    }

    private BufferedImage channel(int which) {
        int plane = photo.width() * photo.height();
        float[] all = CoordinateTensor.of(PhotoNetwork.COORDINATES.channels(photo.height(), photo.width()),
                1, photo.height(), photo.width());
        float[] one = Arrays.copyOfRange(all, which * plane, (which + 1) * plane);
        float low = which == 2 ? 0 : -1;
        float high = which == 2 ? (float) Math.sqrt(2) : 1;
        for (int i = 0; i < plane; i++) {
            one[i] = (one[i] - low) / (high - low);
        }
        return Pixels.rgb(one, one, one, photo.width());
    }
}
